"""What programs that watch over the server may ask of it."""
