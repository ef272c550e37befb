"""The process that draws, where others cannot be forked from it."""

import sys
from functools import partial

from layerclaims.report.drawn import process
from layerclaims.report.waiting_process import answer_questions

if __name__ == "__main__":
    process.START_METHOD = "spawn"
    answer_questions(sys.argv[1], partial(process.prepare, int(sys.argv[2])))
