"""Names that mean more than one unit."""

from __future__ import annotations

import re

COLLECTIVE = re.compile(
    r"^(?:各|相关|有关|其他|其它|地方(?!金融)|所有|全体|属地|承担|涉及|责任单位|成员单位)|各级|[^处]各(?:有关|相关|地|区|县|市|单位|部门|处|科|街|乡|镇|直属)|(?:相关|有关)(?:单位|部门|企业|司局|处室)|"
    r"^[省市区县州]级.{0,10}部门$|主管部门$|行政部门$|成员单位$|(?:街镇|镇街|乡镇|区县|县区)$|^(?:区|县|市)?(?:街道|乡镇|镇街|街镇)(?:办|办事处)?$")
_OF_ONE_PLACE = re.compile(r"^(?!全|本|我)[\u4e00-\u9fff]{2,4}(?:省|市|(?<!地)区|县|州|旗)(?!级|县)")


def is_collective(name: str) -> bool:
    """各区政府 and 地方各级教育行政部门 are more than one unit; 青屿县渔业主管部门 is one."""
    return bool(COLLECTIVE.search(name)) and not (_OF_ONE_PLACE.match(name) and not re.search("各|相关|有关|其他", name))
