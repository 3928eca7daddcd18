-- True for NULL, and for 18 digits whose last is right (GS1 General Specifications 7.9.1).
CREATE OR REPLACE FUNCTION is_sscc(_sscc text) RETURNS boolean
LANGUAGE sql IMMUTABLE
AS $$
	SELECT _sscc IS NULL OR _sscc ~ '^[0-9]{18}$' AND (
		SELECT sum(substr(_sscc, i, 1)::int * CASE WHEN i % 2 = 1 AND i < 18 THEN 3 ELSE 1 END) % 10 = 0
		FROM generate_series(1, 18) AS i)
$$;
