"""The one list of who may see what: table → audience → columns.

Bookkeeping (keys of the source, who edited) is for staff or the administrator. `geo/disclosure.py` reads it.
"""

LIST: dict[str, dict[str, str]] = {
    "amenities": {
        "public": "id code category name name_en address opening_hours open geom ring source_id publishable updated_at",
        "staff": "source_key withdrawn_at",
    },
    "amenity_distances": {"public": "building_id category amenity_id metres minutes method computed_at"},
    "areas": {
        "public": "id code official_code level name name_en parent_id geom ring source_id publishable updated_at",
        "staff": "source_key withdrawn_at",
    },
    "audit_log": {
        "admin": """id at transaction login user_id via address run_id table_name action row_key row_keys rows
            building_id unit_id before after""",
    },
    "audit_samples": {"staff": "id area_id drawn_on seed population unit_ids created_at", "admin": "user_id"},
    "building_facts": {"public": "id building_id fact value unit scheme dated_on source_id publishable"},
    "buildings": {
        "public": """id code name name_en name_source aliases search_text address address_en status managed sectioned
            geom ring morton entrance height_m base_height_m floors_above floors_below typical_floor_area_m2
            gross_area_m2 leasable_area_m2 completed_year grade grade_scheme star themes property_fee_cny_m2_month
            parking_spaces lifts source_id publishable updated_at""",
        "staff": "source_key withdrawn_at",
    },
    "clusters": {
        "public": """id code industry_group geom ring enterprises expected quotient z method parameters computed_on
            computed_at""",
    },
    "complex_buildings": {"public": "complex_id building_id"},
    "complex_parts": {"public": "whole_id part_id"},
    "complexes": {"public": "id code name name_en source_id publishable", "staff": "source_key"},
    "confirmations": {"public": "id unit_id confirmed_on recorded_at source_id", "staff": "run_id", "admin": "user_id"},
    # The operating address names the room; registry facts do not.
    "enterprises": {
        "public": """id code name name_en credit_code industry_code industry_group is_individual is_headquarters
            is_foreign_funded registered_capital_cny founded_on building_id geom source_id publishable updated_at""",
        "staff": "employees address registered_address source_key withdrawn_at",
    },
    "field_edits": {
        "staff": """id table_name row_id field before after reason user_id edited_at ended_at ended_as ended_by
            file_value file_run_id""",
    },
    # Those of tax. Other figures are for staff; which are which, the dictionary of indicators says (geo/figures).
    "figures": {
        "tax": """id code indicator area_id building_id enterprise_id period scope basis one_off attribution value
            contributors largest_share_pct note source_id known""",
        "admin": "run_id entered_by ended_by",
    },
    "floors": {
        "public": "id building_id section_id position label use area_m2 storey_height_m clear_height_m load_kn_m2",
    },
    "former_rows": {"staff": "id table_name row_id part until kept"},
    "ground_features": {
        "public": "id kind road_class rank name name_en foot bridge layer geom ring source_id publishable",
        "staff": "source_key withdrawn_at",
    },
    "import_changes": {"admin": "id run_id table_name row_id last_row_id before after"},
    "import_runs": {
        "staff": "id code source_id kind file_name state started_at finished_at undone_at",
        "admin": "file_sha256 report user_id",
    },
    "industry_codes": {"public": "code level section parent name name_en"},
    "layer_changes": {"staff": "id layer changed_at building_ids"},
    "layer_versions": {"public": "layer version changed_at stale_days", "staff": "file_sha256"},
    "offer_units": {"public": "offer_id unit_id"},
    "offers": {
        "public": """id code building_id kind title rent_low rent_high rent_unit tax_included property_fee_included
            area_basis min_area_m2 fitout available_on rent_free_months rent_free_with_fee escalation_pct deposit_months
            restoration_cny_m2 contact_id valid published_at source_id recorded_at""",
        "manager": "known withdrawn_at",
        "admin": "user_id written_by",
    },
    "page_reads": {"manager": "kind thing_id link_id day reads"},
    "parties": {
        "public": "id code kind name name_en business_phone business_email source_id",
        "staff": "contact_consent personal_phone",
    },
    "party_roles": {"public": "id party_id role building_id floor_id unit_id valid"},
    "pictures": {
        "public": "id code kind building_id floor_id unit_id alt caption source url place width height large_sha256"
        " small_sha256",
        "admin": "user_id created_at",
    },
    "published_figures": {
        "public": "id indicator area_id building_id period scope basis one_off attribution value",
        "staff": "known",
        "admin": "published_by",
    },
    # Of those that are published; row-level security hides the others (webmap/row_security.py).
    "reports": {
        "public": """id code kind span area_id chapters audience as_of known_at state number titles document sha256
            frozen_at published_at""",
        "staff": "steps_done steps trouble made_at written_at",
        "admin": "user_id",
    },
    # What a building reports is a claim between it and staff; what they accept becomes public through the other tables.
    "return_doubts": {"staff": "id return_id kind unit_ids details reason settled_at", "admin": "user_id"},
    "return_lines": {
        "manager": """id submission_id unit_id seen_id status offered rent_amount rent_unit available_on tenant area_m2
            since before overtaken outcome reason state_id photo_sha256""",
    },
    "return_rules": {
        "staff": """id area_id due_weekday due_time remind_hours escalate_days jump_pct rent_low_cny_m2_day
            rent_high_cny_m2_day accept_unchanged""",
    },
    "return_sightings": {"manager": "id submission_id kind name room seen_on"},
    "return_submissions": {"manager": "id return_id code said_on received_at via note", "admin": "key user_id"},
    "sections": {
        "public": "id building_id kind name geom ring base_height_m height_m floor_from floor_to source_id",
        "staff": "source_key",
    },
    "passcode_tries": {"admin": "id link_id network tried_at"},
    "selection_inquiries": {"admin": "id selection_id inquiry_id codes viewing_at"},
    "selection_items": {"admin": "id selection_id place kind code note told liked_at"},
    "selections": {"admin": "id link_id greeting sender requirement passcode_hash sent_at"},
    "short_links": {"staff": "id token name state as_of known_at made_at expires_at withdrawn_at", "admin": "user_id"},
    "source_keys": {"staff": "source_id table_name key code"},
    "spot_checks": {
        "staff": "id unit_id sample_id checked_on as_reported reported found note photo_sha256 created_at",
        "admin": "user_id",
    },
    "state_changes": {"staff": "version since building_ids"},
    "sources": {
        "public": """id code name name_en licence attribution attribution_en url datum dated_on map_review_number
            publishable invented""",
        "staff": "secrecy created_at",
    },
    "targets": {
        "public": "id code area_id indicator year scope bound value source_id publishable",
        "staff": "note known",
        "admin": "run_id entered_by ended_by",
    },
    # Who rents from when to when is known to the building; that a firm sits in it is public.
    "tenancies": {
        "public": "id enterprise_id building_id unit_id source_id",
        "manager": "valid known room_public",
        "staff": "area_m2 lease_end_on",
    },
    "transit_lines": {
        "public": "id code mode name name_en colour geom ring source_id publishable",
        "staff": "source_key withdrawn_at",
    },
    "unit_lineage": {"public": "parent_id child_id kind happened_on"},
    "unit_news": {"public": "id unit_id happened_at before after"},
    "unit_reshapes": {
        "staff": """id code building_id kind happened_on area_before_m2 area_after_m2 reason details user_id made_at
            undone_at undone_by""",
    },
    # The rent in a state is what is paid: never public.
    "unit_states": {
        "public": "id unit_id exists area_m2 area_basis area_source use reported_on verified_on source_id",
        "manager": "valid known occupancy contract tenant_id verification",
        "staff": "rent_amount rent_unit run_id",
        "admin": "user_id",
    },
    # Rent, fit-out and availability in a unit are those of its published offer.
    "units": {
        "public": """id code building_id floor_id top_floor_id label use valid area_m2 area_basis public_status offer_id
            rent_amount rent_unit rent_cny_m2_day fitout available_on min_area_m2 reported_on recorded_at verified_on
            state_source_id source_id publishable""",
        "manager": "occupancy",
        "staff": "source_key withdrawn_at",
    },
    "withdrawn_confirmations": {"public": "confirmation_id withdrawn_at", "admin": "user_id"},
    "vacancy_returns": {
        "manager": "id building_id week due_at state received_at decided_at reason",
        "staff": "reminded_at escalated_at",
        "admin": "decided_by",
    },
}
