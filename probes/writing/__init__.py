"""Reading what was written: its figures, its names, its outline, and whether it is what was demanded."""
