"""Continuity: which task of a later plan carries on which of an earlier one, with the words that say so.

Nothing is imported here: a question that asks for the cut needs no sparse matrices and no spaCy.

    pairs         which plans are compared
    sentences     the sentences and segments of a task
    plan_index    what is counted of a plan, once
    likeness      in which ways two tasks are alike
    weights       how much each way counts: weights.tsv
    evidence      the words, the sentences that go on, the reasons
    links         the links of two plans
    many          the links of many pairs, in several processes
    verdicts      what researchers rule: verdicts.csv; onto a graph (ruling)
    link_sample   pairs of tasks drawn to be coded by hand; the sheet (link_sheet), what the tool thinks (opinions), the figures (link_figures)
    actions       verbs that are one action, and stages of work: actions.tsv
    programmes    names that are one programme: programmes.csv
    judge         asking a language model about the best candidates, optional; what is asked (judge_prompt), what comes
                  back (judge_replies), where it is kept (judge_cache), what it changes (judged), over HTTP (chat_endpoint)
"""
