"""What the commands of the terminal do, one module a command."""
