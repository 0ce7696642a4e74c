-- change
INSERT INTO region (code, name) SELECT region_code, name FROM stage_regions
ON CONFLICT (code) DO UPDATE SET name = EXCLUDED.name WHERE region.name <> EXCLUDED.name;
