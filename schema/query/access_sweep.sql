-- A job: forget sessions that are over and old failed log-ins. No parameters, no columns of interest.
SELECT yaoku.sweep_access()
