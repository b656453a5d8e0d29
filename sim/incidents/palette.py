"""Colours that are distinct for any colour vision: those of Okabe and Ito (2008), and a brown."""

from typing import Final

BLACK: Final = "#000000"
ORANGE: Final = "#E69F00"
SKY: Final = "#56B4E9"
GREEN: Final = "#009E73"
BLUE: Final = "#0072B2"
VERMILION: Final = "#D55E00"
PURPLE: Final = "#CC79A7"
BROWN: Final = "#7A3B00"
GREY: Final = "#6F6F6F"
