"""What leaves the house for a meeting: the monthly brief (月度通报) and the meeting pack (调度会材料), in Word and PDF.

    look      whose figures, of which month, as of when
    monthly   the brief: goal, four tasks, ranking, who is behind, problems, every unit in the annex
    meeting   the pack: one page a unit, frozen as of a named moment
    sheet     what a document is made of: headings, words, tables, pictures, page ends
    word, pdf the same document as a file;  pictures: the pages' charts as PNG and SVG;  easel: the browser that draws them

Every figure is a reading of `indicators` or an answer of `queries/`, the same that the pages show; sentences are the pages' own.
"""
