"""The screens: HTML in and out, one router per audience; everything works without JavaScript."""
