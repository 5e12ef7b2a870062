"""Files and optional packages: feature formats, images, atomic writes, imports."""
