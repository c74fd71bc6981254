-- After a restore: readers may have seen later versions of layers than those in the backup, and sessions and links that
-- have been ended since would be open again.
UPDATE public.layer_versions
SET version = greatest(version + 1, extract(epoch FROM clock_timestamp())::bigint), changed_at = clock_timestamp();
DELETE FROM public.state_changes;
UPDATE public.sessions SET revoked_at = clock_timestamp() WHERE revoked_at IS NULL;
