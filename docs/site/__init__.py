"""The site: configuration of mkdocs and the pages that are made when it is built."""
