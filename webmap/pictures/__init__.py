"""Pictures of buildings, floors and units: taken in by the administrator, made small and plain, shown to everybody."""
