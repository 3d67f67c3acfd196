# Tiedostot: avaaminen, tallentaminen, palautus.
