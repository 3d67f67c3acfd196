# Loading and preparing data.
