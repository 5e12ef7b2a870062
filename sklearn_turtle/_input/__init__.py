"""From any container to checked spaces: schema, scaling, devices, lazy matrices."""
