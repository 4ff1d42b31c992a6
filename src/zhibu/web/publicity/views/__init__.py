"""Pages: news, shares and the exchange, stories, the five registers."""
