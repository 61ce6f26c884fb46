"""A graph -> a static site for any web host: pages, data, redirects, sitemap."""
