"""Where strangers touch the server: headers, sizes, times, and how often they may ask."""
