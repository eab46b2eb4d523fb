"""A session taken apart into its repetitions, and flying sprints, ins-and-outs and hops in it."""
