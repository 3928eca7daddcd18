-- What confirming and shipping answer when lines are refused: nothing is saved, every refused line is named with its reason.
-- NULL when there are none. `_refused` is an array of {line, reason} and {package, reason}.
CREATE OR REPLACE FUNCTION refuse_lines(_refused jsonb) RETURNS answer
LANGUAGE sql IMMUTABLE
AS $$
	SELECT ('lines_refused', string_agg(coalesce('line ' || r.line, 'package ' || r.package) || ': ' || r.reason, '; '
			ORDER BY r.line, r.package, r.reason),
		jsonb_build_object('lines', _refused))::answer
	FROM jsonb_to_recordset(_refused) AS r (line bigint, package text, reason text)
	HAVING count(*) > 0
$$;
