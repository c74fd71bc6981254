"""Pages of buildings, units and areas: what is known of them, floor by floor, with source and date."""
