"""Cases, assessments and case packs, as recorded."""
