"""Pods: from bytes on the radio to samples in SI units; knows nothing about running."""
