"""What the commands do; ``nightdesk.cli`` says how they are called."""
