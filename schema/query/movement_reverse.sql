-- Undo a movement. $1 movement id, $2 the client's id for it, $3 reason. Columns: problem, detail, body.
-- What must not change under the same id is the movement and the reason.
SELECT a.problem, a.detail, a.body
FROM yaoku.reverse_movement($1::bigint, $2::uuid, $3::text,
	encode(substr(sha256(convert_to($1::text || chr(31) || $3::text, 'UTF8')), 1, 16), 'hex')::uuid) a
