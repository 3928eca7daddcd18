-- Roles that log in to a private cluster, where being the operating-system user is the proof.
-- On a given server the given login takes these roles on instead.
ALTER ROLE yaoku_app LOGIN;
ALTER ROLE yaoku_auditor LOGIN;
