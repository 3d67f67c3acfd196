# Piirtoalusta, paletti ja luettelo.
