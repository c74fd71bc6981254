"""What search engines are told: robots.txt, and sitemaps of all public pages in every language."""
