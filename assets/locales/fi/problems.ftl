# Piirroksen ongelmat ja niiden korjaukset.
