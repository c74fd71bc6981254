"""The public part as a folder of files that any server of files hands out."""
