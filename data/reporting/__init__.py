"""What a run leaves for whoever did not watch it: a log in lines of JSON, and a command that is told its end."""
