-- Job: order what the level test finds without a scan. No parameters. Columns: lines made
SELECT yaoku.sweep_levels() AS lines
