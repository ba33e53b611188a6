"""What calls take and give: every field described, in English; titles that are data come in Chinese and English."""
