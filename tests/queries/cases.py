"""What each question is asked in the tests, on the shipped samples. A new question needs a line here and a golden answer.

Plans, tasks and departments are given as people give them: by name, number or first words.
"""

MINISTRY, CITY = "海岸与渔业部", "临澜市海洋与渔业局"
PLAN_2022, PLAN_2025 = "海岸与渔业部2022年智慧渔业和海岸保护工作要点", "海渔发〔2025〕2号"
CITY_PLAN = "临澜市海洋与渔业局2025年智慧渔业和海岸保护工作要点"
YEARS = {"from_year": 2022, "to_year": 2025}

# Four ways of choosing two sides: one body's plans, everything of the years, two plans by name, a lower body against a higher.
_BETWEEN = [YEARS | {"scope": MINISTRY}, YEARS, {"from_plan": PLAN_2022, "to_plan": CITY_PLAN}, {"from_plan": PLAN_2025, "to_plan": CITY_PLAN}]

CASES: dict[str, list[dict]] = {
    "codes": [{}, {"scope": CITY}, {"year": 2022, "code": "(none)"}],
    "continued_between": _BETWEEN,
    "counterparts": [{}, {"department": "海岸司"}, {"body": CITY}, {"body": "临澜市"}],
    "coverage": [{}, {"year": 2022}, {"plan": CITY_PLAN}],
    "department_tasks": [
        {"department": "海岸司"}, {"department": "海岸司", "year": 2025}, {"department": "渔船渔港司", "plan": PLAN_2025, "role": "lead"},
        {"department": "规划处", "role": "support"}, {"department": "地方各级渔业行政部门", "year": 2022}],
    "department_workload": [
        {}, {"year": 2022}, {"year": 2025}, {"plan": PLAN_2025}, {"plan": CITY_PLAN, "role": "lead"}, {"year": 2025, "role": "support"}, {"year": 1999}],
    "distinctive_terms": [
        YEARS | {"scope": MINISTRY, "top": 10}, YEARS | {"top": 5}, {"from_plan": PLAN_2025, "to_plan": CITY_PLAN, "top": 5}, {"from_year": 2025, "to_year": 2025},
        {"from_year": 2022}],
    "dropped_between": _BETWEEN,
    "duties": [{}, {"department": "海岸司"}, {"department": "规划司"}],
    "indicators": [{"plan": PLAN_2025, "unit": "艘"}, {"year": 2022, "unit": "%"}, {"object": "岸线"}, {"plan": CITY_PLAN}],
    "lines": [{}, {"min_years": 1, "scope": MINISTRY}, {"min_years": 3}, {"scope": CITY}, {"min_score": 0.5}],
    "neighbours": [],  # takes an id of any kind: see test_questions
    "new_between": _BETWEEN,
    "plan_tasks": [{"plan": PLAN_2022}, {"plan": PLAN_2025}, {"plan": CITY_PLAN, "part": "substantive"}, {"plan": CITY_PLAN, "part": "safeguard"}],
    "plans": [{}, {"year": 2025}, {"scope": MINISTRY}, {"scope": "临澜市"}],
    "plans_by_year": [{}, {"scope": CITY}],
    "policies_cited": [{}, {"relation": "produces"}, {"plan": CITY_PLAN, "relation": "basis"}, {"year": 2022}],
    "programme_years": [{}, {"name": "智慧渔港"}, {"scope": CITY}],
    "search_tasks": [{"q": "平台"}, {"q": "平台", "year": 2022}, {"q": "人事司"}, {"q": "海岸", "plan": CITY_PLAN}, {"q": "没有这样的词"}],
    "series": [{}, {"min_plans": 1}, {"min_plans": 1, "scope": CITY}],
    "shared_tasks": [{"year": 2025}, {"year": 2022, "department": "海岸司"}, {"plan": CITY_PLAN, "collectives": True}, {"department": "办公室"}],
    "task_history": [
        {"task": "在前两批建设的基础上，扩大“智慧渔港”行动覆盖面"}, {"task": "按照国家“智慧渔港”行动第三批建设要求"}, {"task": "开办“渔民数字夜校”", "depth": 1},
        {"task": "联合保险机构开发"}, {"task": "在前两批建设的基础上，扩大“智慧渔港”行动覆盖面", "gaps": False}],
    "themes": [{}, {"scope": MINISTRY, "cut": 0.1}, {"plan": CITY_PLAN, "resolution": 1.5}, {"since": 2023, "cut": 0.2}, {"until": 2021}],
    "unit_spellings": [{}, {"scope": MINISTRY, "all": True}],
    "units_alike": [{}, {"scope": MINISTRY, "likeness": 0.5}],
    "workload_across": [{}, {"department": "海岸处"}, {"year": 2025}, {"body": CITY, "year": 2022}],
    "workload_change": [*_BETWEEN, {"from_year": 2022}, YEARS | {"successors": True}],
}

# Nodes for `neighbours`, each found by a question: (question, parameters, column with the id).
NODES: list[tuple[str, dict, str]] = [
    ("plans", {"year": 2022}, "plan"), ("department_workload", {"plan": CITY_PLAN, "role": "lead"}, "id"), ("indicators", {"object": "岸线"}, "id"),
    ("plan_tasks", {"plan": CITY_PLAN}, "task"), ("programme_years", {"name": "智慧渔港"}, "id"), ("policies_cited", {"relation": "produces"}, "id"),
    ("duties", {"department": "海岸司"}, "id")]
