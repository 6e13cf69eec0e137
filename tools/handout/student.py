"""What differs from student to student: the letters that are learned and the seed of the noise."""

import hashlib
import os
import random
import re

import cut


def vary(out, student):
    """Writes data/fonts/student.txt, 26 of the 32 letters of font 3, and student.cfg, which names it and a seed."""
    random_numbers = random.Random(hashlib.sha256(("letters of " + student).encode()).digest())
    font = cut.read(os.path.join(out, "data/fonts/font3.txt"))
    letters = re.findall(r"^0x.*\n(?:[#.]+\n)+", font, flags=re.MULTILINE)
    chosen = sorted(random_numbers.sample(range(len(letters)), 26))
    cut.write(os.path.join(out, "data/fonts/student.txt"), "".join(letters[i] for i in chosen))
    seed = random_numbers.randrange(1, 10000)
    cut.write(os.path.join(out, "student.cfg"), "font = data/fonts/student.txt\nseed = %d\n" % seed)
    return ("\nThis tree is that of **%s**: 26 of the 32 letters and a seed of your own are in `student.cfg`, as in\n"
            "`./lab letters --config student.cfg`.\n" % student)
