# Aineiston lukeminen ja valmistelu.
