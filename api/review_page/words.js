/* Words: English stands in the HTML, its Chinese here. Before them what every part uses: finding elements, remembering. */

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const remembered = { get(name) { try { return localStorage.getItem(`policygraph.review.${name}`); } catch { return null; } },
  set(name, value) { try { localStorage.setItem(`policygraph.review.${name}`, value); } catch { /* private window: forgotten with the page */ } } };

const CHINESE = {
  "review": "核对", "Skip to the documents": "跳到文件", "Keys": "快捷键", "next, previous task": "下一条、上一条任务", "next warning": "下一条提醒",
  "filter tasks": "筛选任务", "close what is open": "关闭已打开的面板", "keys are on": "启用快捷键", "Language": "语言",
  "This page loads nothing and sends nothing.": "本页不联网，不上传任何内容。", "Documents of this file": "本文件中的各篇",
  "What is marked": "标注图例", "Text of the document": "文件原文", "What was read": "识别结果", "Show in the text": "在原文中显示",
  "plan": "计划", "duty list": "职责清单", "news": "新闻", "other": "其他",
  "task": "项任务", "tasks": "项任务", "unit": "个责任单位", "units": "个责任单位", "target": "个指标", "targets": "个指标", "goal": "个目标", "goals": "个目标",
  "duty": "项职责", "duties": "项职责", "warning": "条提醒", "warnings": "条提醒", "stretch not read": "处未识别", "stretches not read": "处未识别",
  "lead": "牵头", "responsible": "责任", "support": "配合", "implement": "落实", 
  "Task": "任务", "Heading": "标题", "Clause": "责任条款", "Lead": "牵头", "Responsible": "责任", "Support": "配合", "Implement": "落实", "Target": "指标", "Goal": "目标", "Duty": "职责",
  "Named": "提及", "Warning": "提醒", "Not read": "未识别",
  "Warnings": "提醒", "No warnings.": "没有提醒。", "Metadata": "基本信息", "Goals": "目标", "Tasks": "任务", "Duties": "职责", "Named outside tasks": "任务之外提及",
  "Targets outside tasks and goals": "任务与目标之外的指标",
  "Title": "标题", "Kind": "类别", "Genre": "文种", "Issuer": "发文机关", "Body": "所属机构", "inferred from the text": "由正文推断", "All issuers": "联合发文机关", "Forwarded by": "转发机关",
  "Place": "地区", "Level": "层级", "Number": "文号", "Signed on": "成文日期", "Published on": "发布日期", "Years": "年度", "Draft": "征求意见稿",
  "known from: title": "据标题", "known from: stated": "据正文", "known from: target": "据目标年份", "known from: issue": "据发文日期", "known from: hand": "人工填写",
  "Rule on who leads": "牵头规则", "Roles": "分工方式", "flat": "不分主次", "marked": "明文标注", "positional": "按位置", "Counts": "数量", "Read": "识别比例", "of the characters": "（按字数）",
  "national": "国家级", "provincial": "省级", "prefecture": "地市级", "county": "县级", "township": "乡镇级", "not stated": "未写明", "yes": "是", "no": "否",
  "corrected by hand": "已人工改正", "no heading": "无标题", "safeguard": "保障措施", "substantive": "实质任务", "deadline": "时限", "no unit stated": "未写责任单位", "change": "增减量",
  "basis": "依据", "produces": "制定", "revises": "修订", "policy": "文件", "programme": "工程、平台",
  "Filter tasks": "筛选任务", "{n} of {all}": "{n} / {all}",
  "Correct": "改正", "Close": "关闭", "Set": "确定", "Add": "添加", "Delete": "删除",
  "Selected:": "选中：", "This is a task": "这是一项任务", "Its words": "是它的正文", "Its clause": "是它的责任条款", "A unit of it": "是它的责任单位", "A target of it": "是它的指标",
  "Task {n}": "任务 {n}", "Goal {n}": "目标 {n}", "select words in the text first": "请先在原文中选中文字",
  "Correct this task": "改正这项任务", "These are the task's words": "选中的是任务正文", "This is its clause": "选中的是责任条款", "This is a target of it": "选中的是它的指标", "Not a task": "不是任务",
  "Add a unit": "添加责任单位", "Role": "角色", "Deadline": "时限", "Part": "部分",
  "Correct this unit": "改正这个责任单位", "Wrong role": "角色有误", "Wrong role? It is": "角色有误？应为", "Right name": "正确名称", "Not a unit": "不是责任单位",
  "role is marked in words": "角色由文字标明", "role follows from the plan's rule": "角色按文中规则推定", "role is not marked": "未标明角色", "role was put right by hand": "角色已人工改正",
  "Correct this target": "改正这个指标", "Comparator": "比较符", "Value": "数值", "Unit of count": "计量单位", "Object": "对象", "Year": "年份", "Change": "增减量", "Not a target": "不是指标",
  "Right value": "正确值", "several: with ； between": "多个之间用；隔开", "YYYY-MM-DD": "YYYY-MM-DD",
  "corrections": "条改正", "correction": "条改正", "Reason": "理由", "By": "改正人", "Copy rows": "复制各行", "Download corrections.csv": "下载 corrections.csv", "Save": "保存", "saving": "正在保存", "not saved": "未保存", "nothing to save yet": "尚无可保存的改正", "The token of this service": "本服务的令牌",
  "Without the header, to go below the rows of a corrections.csv that is there": "不含表头，可粘贴到已有 corrections.csv 的末尾", "Corrections that are not applied yet": "尚未应用的改正",
  "Where": "位置", "Field": "字段", "metadata": "基本信息", "Delete this row": "删除这一行",
  "None yet. Correct a task, unit, target or the metadata, or select words in the text.": "尚无改正。可改正任务、责任单位、指标或基本信息，也可在原文中选中文字。",
  "Put corrections.csv beside the plan (into one that is there, copy the rows below its own) and run": "把 corrections.csv 放在计划文件旁边（已有该文件时，把各行粘贴到末尾），然后运行",
  "row added": "已添加一行", "row replaced": "已替换一行", "row deleted": "已删除一行", "as it was read: nothing to correct": "与识别结果相同，无需改正", "rows copied": "各行已复制", "copying was refused; use the download": "无法复制，请下载", "nothing to copy yet": "还没有可复制的内容", "downloaded: put it beside the plan": "已下载：请放在计划文件旁边",
};
// The doubts that the reading words in English; what is quoted in them stays.
const CHINESE_WARNINGS = [
  [/^no year is stated: the plan is not linked to others$/, "未写明年度：不与其他计划比较"],
  [/^no task was found$/, "没有识别出任务"],
  [/^no unit was read in the clause /, "责任条款中没有识别出单位："],
  [/^the clause's closing bracket is missing$/, "责任条款缺少右括号"],
  [/^a target that gives no number: /, "没有数值的指标："],
];

let language = "en";
const english = new WeakMap();  // element to what stood in it, by "text" or the attribute's name

function t(words, values = {}) {
  const found = language === "zh" ? CHINESE[words] ?? words : words;
  return found.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

function original(element, name, read) {
  if (!english.has(element)) english.set(element, {});
  return english.get(element)[name] ??= read();
}

function translate(root) {
  for (const element of $$("[data-t]", root)) element.textContent = t(original(element, "text", () => element.textContent));
  for (const element of $$("[data-ta]", root)) {
    const name = element.dataset.ta;
    element.setAttribute(name, t(original(element, name, () => element.getAttribute(name))));
  }
  for (const element of $$("[data-message]", root)) {
    const message = original(element, "text", () => element.textContent);
    const [pattern, chinese] = language === "zh" && CHINESE_WARNINGS.find(([pattern]) => pattern.test(message)) || [/^/, ""];
    element.textContent = message.replace(pattern, chinese);
  }
}

function speak(wanted) {
  language = wanted === "zh" ? "zh" : "en";
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  for (const button of $$("[data-language]")) button.setAttribute("aria-pressed", button.dataset.language === language);
  translate(document);
  showRows();
  showPicked();
  filter($("[data-filter]", shown()));
}

const said = $(".said");
function say(words, detail = "") { said.textContent = t(words) + (detail && `: ${detail}`); }
