"""Files: tables, feature formats, images, atomic replacement, and optional packages."""
