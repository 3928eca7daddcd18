-- The canonical text of a movement, which the hash chain covers: a JSON array of every column.
--
-- Only integers, JSON strings and null stand in it, times as microseconds since 1970 in UTC; so neither
-- locale, time zone nor date style can change it, two different rows never have the same text, and any JSON
-- library can make it again (json.dumps(row, ensure_ascii=False) in Python). A new column goes to the end,
-- and only when it is not null: what has been sealed must keep its text.
CREATE OR REPLACE FUNCTION movement_text(_m movement) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN json_build_array(
	_m.pharmacy_id, _m.id, (extract(epoch FROM _m.at) * 1000000)::bigint,
	_m.lot_id, _m.product_id, _m.quantity, _m.quarantined, _m.in_transit, _m.kind,
	_m.operator_id, _m.sender_id, _m.workstation, _m.sequence,
	(extract(epoch FROM _m.scanned_at) * 1000000)::bigint,
	_m.pack, _m.order_id, _m.reason, _m.reverses, _m.shipment_number,
	_m.first_of_pack)::text;

-- A block's hash: SHA-256 of the pharmacy's previous hash (of nothing before the first block) followed by
-- the block's rows in order of id, in UTF-8, each ended by a newline.
CREATE OR REPLACE FUNCTION block_hash(_previous bytea, _rows text) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN sha256(coalesce(_previous, '') || convert_to(_rows, 'UTF8'));
