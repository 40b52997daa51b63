package moodletest

// table lists the functions that the site has, with what they take.
func table() map[string]function {
	id := object(need("id", typeInt))
	pair := func(a, b string) spec { return object(need(a, typeInt), need(b, typeInt)) }
	return map[string]function{
		"core_webservice_get_site_info": {object(), false, siteInfo},

		"core_competency_list_competency_frameworks": {object(def("sort", typeAlphaExt, "shortname"), def("order", typeAlpha, ""), def("skip", typeInt, int64(0)), def("limit", typeInt, int64(0)),
			context(), def("includes", typeAlpha, "children"), def("onlyvisible", typeBool, false), def("query", typeRaw, "")), false, listFrameworks},
		"core_competency_create_competency_framework": {object(part("competencyframework", object(need("shortname", typeText), need("idnumber", typeRaw), def("description", typeCleanHTML, ""),
			def("descriptionformat", typeInt, int64(1)), def("visible", typeBool, true), need("scaleid", typeInt), need("scaleconfiguration", typeRaw),
			may("contextid", typeInt), may("contextlevel", typeAlpha), may("instanceid", typeInt), def("taxonomies", typeRaw, "")))), true, createFramework},
		"core_competency_update_competency_framework": {object(part("competencyframework", object(need("id", typeInt), may("shortname", typeText), may("idnumber", typeRaw), may("description", typeCleanHTML),
			may("descriptionformat", typeInt), may("visible", typeBool), may("scaleid", typeInt), may("scaleconfiguration", typeRaw), may("taxonomies", typeRaw)))), true, updateFramework},
		"core_competency_get_scale_values": {object(need("scaleid", typeInt)), false, scaleValues},

		"core_competency_list_competencies": {object(part("filters", listOf(object(need("column", typeAlphaExt), need("value", typeText)))), def("sort", typeAlphaExt, ""), def("order", typeAlpha, ""),
			def("skip", typeInt, int64(0)), def("limit", typeInt, int64(0))), false, listCompetencies},
		"core_competency_create_competency": {object(part("competency", object(need("shortname", typeText), need("idnumber", typeRaw), def("description", typeCleanHTML, ""), def("descriptionformat", typeInt, int64(1)),
			def("sortorder", typeInt, int64(0)), def("parentid", typeInt, int64(0)), def("competencyframeworkid", typeInt, int64(0))))), true, createCompetency},
		"core_competency_update_competency": {object(part("competency", object(need("id", typeInt), may("shortname", typeText), may("idnumber", typeRaw), may("description", typeCleanHTML), may("descriptionformat", typeInt)))),
			true, updateCompetency},

		"core_cohort_search_cohorts":     {object(need("query", typeRaw), context(), def("includes", typeAlpha, "parents"), def("limitfrom", typeInt, int64(0)), def("limitnum", typeInt, int64(25))), false, searchCohorts},
		"core_cohort_create_cohorts":     {object(part("cohorts", listOf(object(cohortFields()...)))), true, createCohorts},
		"core_cohort_update_cohorts":     {object(part("cohorts", listOf(object(append(cohortFields(), need("id", typeInt))...)))), true, updateCohorts},
		"core_cohort_get_cohort_members": {object(part("cohortids", listOf(value(typeInt)))), false, cohortMembers},
		"core_cohort_add_cohort_members": {object(part("members", listOf(object(
			part("cohorttype", object(need("type", typeAlphaExt), need("value", typeRaw))), part("usertype", object(need("type", typeAlphaExt), need("value", typeRaw))))))), true, addMembers},
		"core_user_get_users_by_field": {object(need("field", typeAlpha), part("values", listOf(value(typeRaw)))), false, usersByField},

		"core_course_get_courses_by_field": {object(def("field", typeAlpha, ""), def("value", typeRaw, "")), false, coursesByField},
		"core_course_get_categories": {object(field{name: "criteria", of: listOf(object(need("key", typeAlpha), need("value", typeRaw))), optional: true, byItself: []any{}},
			def("addsubcategories", typeBool, true)), false, categories},
		"core_course_create_courses": {object(part("courses", listOf(object(need("fullname", typeText), need("shortname", typeText), need("categoryid", typeInt), may("idnumber", typeRaw), may("summary", typeRaw),
			def("summaryformat", typeInt, int64(1)), may("visible", typeInt), may("startdate", typeInt), may("enddate", typeInt))))), true, createCourses},
		"core_competency_list_course_competencies": {id, false, courseCompetencies},
		"core_competency_add_competency_to_course": {pair("courseid", "competencyid"), true, addToCourse},

		"core_competency_list_user_plans": {object(need("userid", typeInt)), false, userPlans},
		"core_competency_create_plan": {object(part("plan", object(need("name", typeText), def("description", typeCleanHTML, ""), def("descriptionformat", typeInt, int64(1)), need("userid", typeInt),
			may("templateid", typeInt), def("status", typeInt, int64(draft)), def("duedate", typeInt, int64(0))))), true, createPlan},
		"core_competency_update_plan": {object(part("plan", object(need("id", typeInt), may("name", typeText), may("description", typeCleanHTML), may("descriptionformat", typeInt), may("userid", typeInt),
			may("status", typeInt), may("duedate", typeInt)))), true, updatePlan},
		"core_competency_list_plan_competencies": {id, false, planCompetencies},
		"core_competency_add_competency_to_plan": {pair("planid", "competencyid"), true, addToPlan},
	}
}

func cohortFields() []field {
	return []field{
		part("categorytype", object(need("type", typeText), need("value", typeRaw))), need("name", typeRaw), need("idnumber", typeRaw), may("description", typeRaw),
		def("descriptionformat", typeInt, int64(1)), may("visible", typeBool), may("theme", typeAlphaExt),
	}
}
