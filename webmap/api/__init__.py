"""The public interface for programs: lists, facets and versions under /api/v1."""
