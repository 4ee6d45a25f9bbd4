"""What two lessons draw with. Importing it puts matplotlib into the course's style, `course.mplstyle`.

A draw function takes parameters and returns a `Picture`: a matplotlib figure and the words that say what it shows.
"""

from pathlib import Path

import matplotlib.style
from matplotlib import font_manager

# matplotlib's own files of the font come first: a system may have it in another version, which makes other pictures,
# and the list of fonts that a machine keeps may not have them.
OWN = Path(matplotlib.get_data_path(), "fonts", "ttf")
for path in OWN.glob("DejaVuSans*.ttf"):
    font_manager.fontManager.addfont(path)
font_manager.fontManager.ttflist.sort(key=lambda font: Path(font.fname).parent != OWN)

# From the defaults, so that a reader's own settings do not change what a lesson says about a picture.
matplotlib.style.use(["default", Path(__file__).with_name("course.mplstyle")])
