-- Held to the end of the session, so that two starters apply one after the other.
-- The key is the word yaoku in ASCII.
SELECT pg_advisory_lock(521443371893)
