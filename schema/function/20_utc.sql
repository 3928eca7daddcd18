-- A moment as RFC 3339 in UTC, as every answer writes it, whatever the session's zone.
CREATE OR REPLACE FUNCTION utc(_at timestamptz) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN to_char(_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
