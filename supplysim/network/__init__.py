"""What connects the firms: trade ties (`ties`) and the routes of the country graph (`routes`)."""
