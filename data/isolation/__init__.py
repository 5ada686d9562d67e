"""One child process per file: how it is started, locked in, asked, and how its answer is verified."""
