"""Whether a site's snippet is in a page and works there: fetches the page, says what is wrong."""
