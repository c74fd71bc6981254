"""Import of files by the operator: `./loumap import` and the administrator's pages under `/admin/imports`."""
