"""What is done with what people click, react and type in Slack."""
