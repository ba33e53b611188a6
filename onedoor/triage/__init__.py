"""What a text is about, whether it was said before, what is getting hot: models only, no database (分诊)."""
