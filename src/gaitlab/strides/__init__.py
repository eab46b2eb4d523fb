"""From contacts to strides: segmentation and trajectory."""
