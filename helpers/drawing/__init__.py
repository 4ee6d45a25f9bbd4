"""What two lessons draw with. Importing it puts matplotlib into the course's style, `course.mplstyle`.

A draw function takes parameters and returns a `Picture`: a matplotlib figure and the words that say what it shows.
"""

from pathlib import Path

import matplotlib.style

# From the defaults, so that a reader's own settings do not change what a lesson says about a picture.
matplotlib.style.use(["default", Path(__file__).with_name("course.mplstyle")])
