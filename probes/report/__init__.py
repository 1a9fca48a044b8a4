"""What is told of one run, or of several side by side: values first, then forms."""
